/** Who answers: one model, or two side by side; and the switch of the sampling panel. */
import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconColumns2, IconX } from '@tabler/icons-react'
import type { ModelReference } from '../../../shared/contract'
import { ModelSelect } from '../../components/model-select'
import { isRunnable } from '../../lib/model-reference'
import { useModels } from '../../lib/queries'
import classes from './chat-head.module.css'

type Props = {
  models: ModelReference[]
  disabled?: boolean
  panelShown: boolean
  togglePanel(): void
  change(models: ModelReference[]): void
}

export function ChatHead({ models, disabled = false, panelShown, togglePanel, change }: Props) {
  const [first, second] = models
  const base = useModels().data?.find(isRunnable)
  const other: ModelReference | undefined = base ? { kind: 'model', id: base.id } : first
  return (
    <header className={classes.head}>
      <div className={classes.model}>
        <ModelSelect
          label="Model"
          quiet
          value={first ?? null}
          disabled={disabled}
          onChange={(next) => change(second ? [next, second] : [next])}
        />
      </div>
      {second ? (
        <>
          <div className={classes.model}>
            <ModelSelect
              label="Second model"
              quiet
              value={second}
              disabled={disabled}
              onChange={(next) => first && change([first, next])}
            />
          </div>
          <Tooltip label="Only the first model">
            <ActionIcon
              size={36}
              aria-label="Only the first model"
              disabled={disabled}
              onClick={() => first && change([first])}
            >
              <IconX size={17} />
            </ActionIcon>
          </Tooltip>
        </>
      ) : (
        <Button
          variant="default"
          leftSection={<IconColumns2 size={16} />}
          disabled={disabled || !first || !other}
          onClick={() => first && other && change([first, other])}
        >
          Side by side
        </Button>
      )}
      <Tooltip label={panelShown ? 'Hide the settings' : 'Show the settings'}>
        <ActionIcon
          className={classes.settings}
          size={36}
          aria-label="Sampling settings"
          aria-pressed={panelShown}
          onClick={togglePanel}
        >
          <IconAdjustmentsHorizontal size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </header>
  )
}
