/** A number of the sampling settings as one types it; the contract's schema says what is right. */
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { GenerationSettings } from '../../../shared/contract'

type NumberName = 'max_new_tokens' | 'top_k' | 'repetition_penalty' | 'seed'

type Props = {
  name: NumberName
  title: string
  hint?: string
  settings: GenerationSettings
  set(part: Partial<GenerationSettings>): void
}

export function NumberField({ name, title, hint, settings, set }: Props) {
  const kept = settings[name] === null ? '' : String(settings[name])
  const [draft, setDraft] = useState<string | null>(null)
  const [wrong, setWrong] = useState(false)

  function type(text: string) {
    const value = text.trim() === '' ? (name === 'seed' ? null : undefined) : Number(text)
    const parsed = value === undefined ? null : GenerationSettings.shape[name].safeParse(value)
    setDraft(text)
    setWrong(!parsed?.success)
    if (parsed?.success) set({ [name]: parsed.data })
  }

  return (
    <TextInput
      label={title}
      size="xs"
      inputMode="decimal"
      className="numbers"
      placeholder={hint}
      value={draft ?? kept}
      error={wrong ? 'Not a value that can be used.' : undefined}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => {
        setDraft(null)
        setWrong(false)
      }}
    />
  )
}
