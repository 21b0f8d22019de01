/** The formats of exports, in words. */
import type { ExportEntry, ModelReference, RunEntry } from '../../../shared/contract'

export const formats: { id: ExportEntry['format']; title: string; help: string }[] = [
  { id: 'peft', title: 'PEFT adapter', help: 'The small matrices alone, to lay over the base model.' },
  { id: 'safetensors', title: 'Merged safetensors', help: 'One whole model that opens anywhere.' },
]

export const dtypeNames = [
  { value: 'f32', label: '32-bit float' },
  { value: 'f16', label: '16-bit float' },
  { value: 'bf16', label: 'bfloat16' },
]

/** Whether the source carries an adapter of its own: runs with LoRA do. */
export const hasAdapter = (source: ModelReference, runs: RunEntry[]): boolean =>
  source.kind === 'run' && runs.find((run) => run.id === source.id)?.arguments.method !== 'full'

/** "PEFT adapter", "Merged safetensors, 16-bit float". */
export function formatInWords({ format, dtype }: Pick<ExportEntry, 'format' | 'dtype'>): string {
  const title = formats.find(({ id }) => id === format)!.title
  const precision = dtypeNames.find(({ value }) => value === dtype)?.label
  return precision ? `${title}, ${precision}` : title
}
