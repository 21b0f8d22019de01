/** Model references as text, for addresses (`run:ID@40`) and select boxes, and as names for people. */
import type { ModelEntry, ModelReference, RunEntry } from '../../shared/contract'

export function encodeReference(reference: ModelReference): string {
  if (reference.kind === 'model') return `model:${reference.id}`
  return reference.step === null ? `run:${reference.id}` : `run:${reference.id}@${reference.step}`
}

/** null where the text is no reference. */
export function decodeReference(text: string | null | undefined): ModelReference | null {
  const match = /^(model|run):([^@]+)(?:@(\d+))?$/.exec(text ?? '')
  if (!match) return null
  const [, kind, id, step] = match
  if (kind === 'model') return step === undefined ? { kind: 'model', id: id! } : null
  return { kind: 'run', id: id!, step: step === undefined ? null : Number(step) }
}

/** The name to show; says so when the thing is gone. */
export function referenceName(reference: ModelReference, models: ModelEntry[], runs: RunEntry[]): string {
  if (reference.kind === 'model') return models.find((model) => model.id === reference.id)?.name ?? 'a removed model'
  const run = runs.find((each) => each.id === reference.id)
  if (!run) return 'a deleted run'
  return reference.step === null ? run.name : `${run.name} · step ${reference.step}`
}

export const isRunnable = (model: ModelEntry): boolean => model.problem === null

/** Whether the run has left something to talk to. */
export const hasCheckpoint = (run: RunEntry): boolean => run.checkpoints.length > 0
