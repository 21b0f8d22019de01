/** How answers are drawn, and the system prompt. Names follow `transformers.GenerationConfig`. */
import { Button, Slider, Switch, TagsInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { GenerationSettings } from '../../../shared/contract'
import { NumberField } from './number-field'
import classes from './sampling-panel.module.css'

type Props = {
  settings: GenerationSettings
  set(part: Partial<GenerationSettings>): void
  reset(): void
  systemPrompt: string
  setSystemPrompt(text: string): void
}

export function SamplingPanel({ settings, set, reset, systemPrompt, setSystemPrompt }: Props) {
  const greedy = !settings.do_sample
  return (
    <aside className={classes.panel} aria-label="Sampling settings">
      <SystemPrompt key={systemPrompt} text={systemPrompt} save={setSystemPrompt} />
      <NumberField name="max_new_tokens" title="New tokens, at most" {...{ settings, set }} />
      <Switch
        size="sm"
        label="Sample"
        description="Off takes the likeliest token each time."
        checked={settings.do_sample}
        onChange={(event) => set({ do_sample: event.currentTarget.checked })}
      />
      <Dial
        title="Temperature"
        max={2}
        step={0.05}
        value={settings.temperature}
        idle={greedy}
        set={(temperature) => set({ temperature })}
      />
      <Dial
        title="Top p"
        max={1}
        step={0.01}
        least={0.01}
        value={settings.top_p}
        idle={greedy}
        set={(top_p) => set({ top_p })}
      />
      <Dial title="Min p" max={1} step={0.01} value={settings.min_p} idle={greedy} set={(min_p) => set({ min_p })} />
      <div className={classes.pair}>
        <NumberField name="top_k" title="Top k" hint="0 is off" {...{ settings, set }} />
        <NumberField name="repetition_penalty" title="Repetition" hint="1 is off" {...{ settings, set }} />
      </div>
      <NumberField name="seed" title="Seed" hint="a new one each time" {...{ settings, set }} />
      <TagsInput
        label="Stop texts"
        placeholder={settings.stop.length === 0 ? 'Type one and press Enter' : ''}
        size="xs"
        value={settings.stop}
        onChange={(stop) => set({ stop: stop.filter((text) => text !== '') })}
      />
      <Button size="compact-sm" variant="subtle" color="gray" onClick={reset}>
        Reset to defaults
      </Button>
    </aside>
  )
}

/** Saved when the field is left. */
function SystemPrompt({ text, save }: { text: string; save(text: string): void }) {
  const [draft, setDraft] = useState(text)
  return (
    <Textarea
      label="System prompt"
      placeholder="None"
      size="xs"
      autosize
      minRows={2}
      maxRows={8}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => draft !== text && save(draft)}
    />
  )
}

type DialProps = {
  title: string
  value: number
  least?: number
  max: number
  step: number
  idle: boolean
  set(value: number): void
}

function Dial({ title, value, least = 0, max, step, idle, set }: DialProps) {
  return (
    <div className={classes.dial} data-idle={idle}>
      <div className={classes.dialHead}>
        <span>{title}</span>
        <span className="numbers">{value.toFixed(2)}</span>
      </div>
      <Slider
        size="sm"
        label={null}
        min={least}
        max={max}
        step={step}
        disabled={idle}
        value={value}
        onChange={set}
        thumbLabel={title}
      />
    </div>
  )
}
