/** Whether a run fits into the memory that is free, and if not, in one sentence, which settings would. */
import { bytes } from './sizes'
import { type CostArguments, type MemoryQuestion, memoryOf } from './training-cost'

/** Need and room are both estimates: only a need beyond this many times the room is a shortage. */
const margin = 1.3

/** For instance "This run needs about 9.4 GB of memory, and 5.1 GB are free. It would fit with …"; null where it fits. */
export function memoryShortage(question: MemoryQuestion, freeBytes: number): string | null {
  const needed = memoryOf(question)
  if (needed <= margin * freeBytes) return null
  const opening = `This run needs about ${bytes(needed)} of memory, and ${bytes(freeBytes)} are free.`
  const single = changesOf(question, freeBytes)
  const fitting = single.filter(({ needs }) => needs <= freeBytes)
  if (fitting.length > 0) return `${opening} It would fit ${alternatives(fitting.map(inWords))}.`
  const all = together(question, single)
  if (all.needs <= freeBytes) return `${opening} It would fit ${inWords(all)}.`
  const even = single.length > 0 ? `Even ${inWords(all)} it would not fit: take` : 'Take'
  return `${opening} ${even} a shorter max length or a smaller model, or close other programs.`
}

type Change = { words: string; sets: Partial<CostArguments>; needs: number }

const inWords = ({ words, needs }: Pick<Change, 'words' | 'needs'>) => `with ${words} (about ${bytes(needs)})`

/** Every single setting that lowers the need: a smaller batch, checkpointing, a lighter method. */
function changesOf(question: MemoryQuestion, freeBytes: number): Change[] {
  const { arguments: args } = question
  const change = (words: string, sets: Partial<CostArguments>): Change => ({
    words,
    sets,
    needs: needsWith(question, sets),
  })
  const batches = halves(args.per_device_train_batch_size).map((size) =>
    change(`batch size ${size}`, { per_device_train_batch_size: size }),
  )
  const batch = batches.find(({ needs }) => needs <= freeBytes) ?? batches.at(-1)
  return [
    ...(batch ? [batch] : []),
    ...(args.gradient_checkpointing ? [] : [change('gradient checkpointing', { gradient_checkpointing: true })]),
    ...(args.method === 'full' ? [change('LoRA', { method: 'lora', base_quantization: 'none' })] : []),
    ...(isFourBit(args) ? [] : [change('QLoRA', { method: 'qlora', base_quantization: 'nf4', ...recomputing })]),
  ].filter(({ needs }) => needs < memoryOf(question))
}

/** What QLoRA brings along unless told otherwise. */
const recomputing = { gradient_checkpointing: true }
const isFourBit = ({ base_quantization: base }: CostArguments) => base === 'nf4' || base === 'fp4'

/** 8 → 4, 2, 1. */
function halves(size: number): number[] {
  const smaller = Math.floor(size / 2)
  return smaller < 1 ? [] : [smaller, ...halves(smaller)]
}

/** All changes at once; of two methods the lighter one, which comes last. */
function together(question: MemoryQuestion, changes: readonly Change[]): Pick<Change, 'words' | 'needs'> {
  const lasting = changes.filter(({ words }) => words !== 'LoRA')
  const smallest = lasting.map((change) =>
    change.sets.per_device_train_batch_size
      ? { words: 'batch size 1', sets: { per_device_train_batch_size: 1 } }
      : change,
  )
  const sets: Partial<CostArguments> = Object.assign({}, ...smallest.map((change) => change.sets))
  return {
    words: joined(
      smallest.map(({ words }) => words),
      'and',
    ),
    needs: needsWith(question, sets),
  }
}

/** LoRA's usual rank, for what it would train where everything is trained now. */
const usualRank = 16

function needsWith(question: MemoryQuestion, sets: Partial<CostArguments>): number {
  const { model, arguments: args, trainableParameters } = question
  const becomesLora = args.method === 'full' && sets.method !== undefined
  return memoryOf({
    ...question,
    arguments: { ...args, ...sets },
    trainableParameters: becomesLora ? usualRank * (model.linearInputs + model.linearOutputs) : trainableParameters,
  })
}

const alternatives = (phrases: readonly string[]) => joined(phrases, 'or')

const joined = (parts: readonly string[], word: string) =>
  parts.length < 3 ? parts.join(` ${word} `) : `${parts.slice(0, -1).join(', ')}, ${word} ${parts.at(-1)}`
