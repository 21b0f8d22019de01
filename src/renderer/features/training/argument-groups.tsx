/** The hyper-parameters in their groups: the basic ones in sight, the advanced ones behind a disclosure. */
import { Button, Collapse } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'
import { type ArgumentName, argumentGroups, argumentNames, presentationOf } from '../../../shared/contract'
import { Panel } from '../../components/place'
import { asBoolean, useRemembered } from '../../lib/remembered'
import { hasField } from './applicability'
import { ArgumentField } from './argument-field'
import classes from './argument-groups.module.css'
import type { DraftTexts } from './argument-text'
import { setText } from './draft'
import { idleReason } from './idle'
import type { Resolution } from './resolution'

type Props = {
  texts: DraftTexts
  resolution: Resolution
  /** What stands above the fields of the first group: the cards of the methods. */
  methods: ReactNode
}

const named = (group: string, level: string) =>
  argumentNames.filter((name) => presentationOf(name).group === group && presentationOf(name).level === level)

export function ArgumentGroups({ methods, ...props }: Props) {
  return (
    <>
      {argumentGroups.map((group) => (
        <ArgumentGroup key={group} group={group} lead={group === 'Method' && methods} {...props} />
      ))}
    </>
  )
}

type GroupProps = Omit<Props, 'methods'> & { group: string; lead: ReactNode }

function ArgumentGroup({ group, lead, ...props }: GroupProps) {
  const shows = (name: ArgumentName) => hasField(name, props.resolution.open)
  const basic = named(group, 'basic').filter(shows)
  const advanced = named(group, 'advanced').filter(shows)
  const [opened, setOpened] = useRemembered(`advanced.${group}`, false, asBoolean)
  const id = useId()
  const hasError = advanced.some((name) => props.resolution.errors[name])
  const changed = advanced.filter((name) => props.texts[name] !== undefined).length
  const shown = opened || hasError
  return (
    <Panel
      title={group}
      aside={
        advanced.length > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-expanded={shown}
            aria-controls={id}
            aria-label={`Advanced: ${group}`}
            rightSection={<IconChevronDown size={14} className={classes.chevron} data-opened={shown} />}
            onClick={() => setOpened(!opened)}
          >
            Advanced{changed > 0 ? ` · ${changed} changed` : ''}
          </Button>
        )
      }
    >
      {lead}
      <Fields names={basic} {...props} />
      <Collapse expanded={shown} id={id} transitionDuration={120}>
        <div className={classes.advanced}>
          <Fields names={advanced} {...props} />
        </div>
      </Collapse>
    </Panel>
  )
}

function Fields({ names, texts, resolution }: Omit<Props, 'methods'> & { names: ArgumentName[] }) {
  return (
    <div className={classes.fields}>
      {names.map((name) => (
        <ArgumentField
          key={name}
          name={name}
          text={texts[name]}
          open={resolution.open[name]}
          origin={resolution.origin(name)}
          error={resolution.errors[name]}
          idle={idleReason(name, resolution.resolved ?? resolution.open)}
          setText={setText}
        />
      ))}
    </div>
  )
}
