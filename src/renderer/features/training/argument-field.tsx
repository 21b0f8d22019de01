/** One argument: its control, what it is when left open and why, and the way back to that. */
import { ActionIcon, Input, Select, Switch, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type ArgumentName, presentationOf } from '../../../shared/contract'
import classes from './argument-field.module.css'
import { argumentText, choicesOf, fieldKind } from './argument-text'
import type { Origin } from './resolution'

export type ArgumentFieldProps = {
  name: ArgumentName
  /** What the person gave; undefined while left open. */
  text: string | undefined
  /** The value in force while left open. */
  open: unknown
  origin: Origin
  error: string | undefined
  /** Why the argument has no effect now; null when it has. */
  idle: string | null
  setText(name: ArgumentName, text: string | null): void
}

export function ArgumentField(props: ArgumentFieldProps) {
  const { name, text, setText } = props
  const { title, help } = presentationOf(name)
  return (
    <div className={classes.field} data-idle={props.idle !== null}>
      <div className={classes.head}>
        <label htmlFor={`argument-${name}`}>{title}</label>
        <Tooltip label={<Help name={name}>{help}</Help>} multiline w={290}>
          <button type="button" className={classes.help} aria-label="Help" aria-description={help}>
            <IconInfoCircle size={14} stroke={1.6} />
          </button>
        </Tooltip>
        {text !== undefined && (
          <Tooltip label="Back to the value for open fields">
            <ActionIcon
              className={classes.reset}
              size={18}
              aria-label={`Reset ${title}`}
              onClick={() => setText(name, null)}
            >
              <IconArrowBackUp size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <Control {...props} />
      <Note {...props} />
    </div>
  )
}

/** One line below the control, always there so that nothing moves: what is wrong, or where the value comes from. */
function Note({ name, error, idle, origin }: ArgumentFieldProps) {
  const tone = error ? 'error' : idle ? 'idle' : 'origin'
  return (
    <div className={classes.note} data-tone={tone} id={`note-${name}`} role={error ? 'alert' : undefined}>
      {error ?? idle ?? originWords[origin]}
    </div>
  )
}

const originWords: Record<Origin, string> = {
  yours: '',
  preset: 'from the preset',
  recommended: 'recommended by the model',
  default: '',
}

function Help({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      {children}
      <br />
      <code>{name}</code>
    </>
  )
}

function Control({ name, text, open, error, setText }: ArgumentFieldProps) {
  const id = `argument-${name}`
  const kind = fieldKind(name)
  const { title } = presentationOf(name)
  if (kind === 'switch') {
    const on = text === undefined ? open === true : text === 'true'
    return (
      <Switch
        id={id}
        aria-label={title}
        label={on ? 'on' : 'off'}
        checked={on}
        error={Boolean(error)}
        aria-describedby={`note-${name}`}
        onChange={(event) => setText(name, String(event.currentTarget.checked))}
        className={classes.switch}
      />
    )
  }
  if (kind === 'choice')
    return (
      <Select
        id={id}
        aria-label={title}
        data={choicesOf(name)}
        value={text ?? argumentText(open)}
        data-open={text === undefined}
        classNames={{ input: text === undefined ? classes.open : undefined }}
        allowDeselect={false}
        error={Boolean(error)}
        aria-describedby={`note-${name}`}
        onChange={(choice) => choice && setText(name, choice)}
      />
    )
  return (
    <Input
      id={id}
      aria-label={title}
      classNames={{ input: classes.input }}
      value={text ?? ''}
      placeholder={argumentText(open) || 'none'}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      spellCheck={false}
      autoComplete="off"
      error={Boolean(error)}
      // Mantine's own description would take the place of the attribute, so it is set on the element itself.
      ref={(input: HTMLInputElement | null) => input?.setAttribute('aria-describedby', `note-${name}`)}
      onChange={(event) => setText(name, event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  )
}
