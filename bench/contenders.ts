/** How each contender is started on the same job. */
import { measureCamelot, withHome } from './camelot-training'
import type { Materials } from './materials'
import { type MeasuredRun, measure } from './measured-run'
import { inRepository } from './repository'

const ours = {
  camelot: { title: 'Camelot, fp32', options: ['--method', 'lora'] },
  'camelot-checkpointing': {
    title: 'Camelot, fp32, checkpointing',
    options: ['--method', 'lora', '--gradient-checkpointing'],
  },
  'camelot-int8': { title: 'Camelot, int8 base', options: ['--method', 'lora', '--base-quantization', 'int8'] },
  'camelot-int8-checkpointing': {
    title: 'Camelot, int8, checkpointing',
    options: ['--method', 'lora', '--base-quantization', 'int8', '--gradient-checkpointing'],
  },
  'camelot-qlora': { title: 'Camelot, QLoRA (NF4)', options: ['--method', 'qlora'] },
  'camelot-qlora-keeping': {
    title: 'Camelot, QLoRA, no checkpointing',
    options: ['--method', 'qlora', '--no-gradient-checkpointing'],
  },
} as const
const peers = {
  'peer-fp32': { title: 'Trainer + PEFT, fp32', precision: 'fp32' },
  'peer-bf16': { title: 'Trainer + PEFT, bf16', precision: 'bf16' },
  'peer-bf16-autocast': { title: 'Trainer + PEFT, bf16 autocast', precision: 'bf16-autocast' },
} as const

export type OurName = keyof typeof ours
type PeerName = keyof typeof peers
export type ContenderName = OurName | PeerName
export const ourNames = Object.keys(ours) as OurName[]
export const contenderNames: readonly ContenderName[] = [...ourNames, ...(Object.keys(peers) as PeerName[])]

export const isOurs = (name: string): name is OurName => name in ours
export const optionsOf = (name: OurName): readonly string[] => ours[name].options
export const titleOf = (name: ContenderName): string => (isOurs(name) ? ours[name].title : peers[name].title)

export type Contender = { name: ContenderName; title: string; run: () => Promise<MeasuredRun> }

type Job = { longest: number; steps: number; batchSize: number; learningRate: number }

export function contender(name: ContenderName, job: Job, materials: Materials, python: () => string): Contender {
  const run = () =>
    isOurs(name)
      ? withHome(materials.cache, (home) => measureCamelot({ ...job, ...materials, options: optionsOf(name) }, home))
      : runPeer(peers[name].precision, job, materials, python())
  return { name, title: titleOf(name), run }
}

function runPeer(precision: string, job: Job, { model, adapter, rows }: Materials, python: string) {
  const values = {
    model,
    adapter,
    rows,
    precision,
    'max-length': job.longest,
    'max-steps': job.steps,
    'batch-size': job.batchSize,
    'learning-rate': job.learningRate,
  }
  const pairs = Object.entries(values).flatMap(([key, value]) => [`--${key}`, String(value)])
  return measure(python, [inRepository('bench', 'peer', 'train.py'), ...pairs], {
    HF_HUB_OFFLINE: '1',
    TOKENIZERS_PARALLELISM: 'false',
  })
}
