/** A name that becomes a text field where it stands. Enter keeps the new name, Escape the old one. */
import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import { noteFailure } from '../lib/activities'
import { sentence } from '../lib/failure'
import classes from './editable-name.module.css'

type Props = {
  name: string
  /** What is renamed, for the accessible name: "Rename data set". */
  kind: string
  longest?: number
  /** Where the name leads when it is clicked. */
  to?: string
  /** Stands between the name and the pencil. */
  badge?: ReactNode
  rename(name: string): Promise<unknown>
}

export function EditableName({ name, kind, longest = 120, to, badge, rename }: Props) {
  const [draft, setDraft] = useState<string | null>(null)

  async function keep() {
    const next = draft?.trim()
    setDraft(null)
    if (!next || next === name) return
    await rename(next).catch((error: unknown) => noteFailure('Not renamed', sentence(error)))
  }

  if (draft === null)
    return (
      <span className={classes.name}>
        {to ? (
          <Link className={classes.text} to={to}>
            {name}
          </Link>
        ) : (
          <span className={classes.text}>{name}</span>
        )}
        {badge}
        <Tooltip label="Rename">
          <ActionIcon
            size="sm"
            aria-label={`Rename ${kind} ${name}`}
            className={classes.pencil}
            onClick={() => setDraft(name)}
          >
            <IconPencil size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </span>
    )
  return (
    <TextInput
      className={classes.field}
      classNames={{ input: classes.input }}
      aria-label={`Name of the ${kind}`}
      value={draft}
      maxLength={longest}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => void keep()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void keep()
        if (event.key === 'Escape') setDraft(null)
      }}
    />
  )
}
