/** Starting points for the whole form; what the person changed stays over them. */
import { UnstyledButton } from '@mantine/core'
import { presets } from '../../../shared/contract'
import classes from './preset-choice.module.css'

export function PresetChoice({ value, onChange }: { value: string; onChange(id: string): void }) {
  return (
    <div className={classes.row} role="radiogroup" aria-label="Preset">
      {presets.map(({ id, title, help }) => (
        <UnstyledButton
          key={id}
          role="radio"
          aria-checked={id === value}
          aria-label={title}
          aria-description={help}
          className={classes.preset}
          data-chosen={id === value}
          onClick={() => onChange(id)}
        >
          <strong>{title}</strong>
          <span>{help}</span>
        </UnstyledButton>
      ))}
    </div>
  )
}
