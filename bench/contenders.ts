/** How each contender is started on the same job. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Materials } from './materials'
import { type MeasuredRun, measure } from './measured-run'
import type { ContenderName, Options } from './options'
import { inRepository } from './repository'

export type Contender = { name: ContenderName; title: string; run: () => Promise<MeasuredRun> }

const titles: Record<ContenderName, string> = {
  camelot: 'Camelot, fp32',
  'peer-fp32': 'Trainer + PEFT, fp32',
  'peer-bf16': 'Trainer + PEFT, bf16',
  'peer-bf16-autocast': 'Trainer + PEFT, bf16 autocast',
}

export function contender(
  name: ContenderName,
  options: Options,
  materials: Materials,
  python: () => string,
): Contender {
  const run =
    name === 'camelot' ? () => runCamelot(options, materials) : () => runPeer(name, options, materials, python())
  return { name, title: titles[name], run }
}

const builtCommand = inRepository('out', 'main', 'cli.cjs')

/** Builds the command line where its sources changed, so that no run has that in its time. */
export function buildCamelot(): void {
  execFileSync(process.execPath, [inRepository('scripts', 'camelot.mjs'), 'doctor', '--json'], {
    stdio: ['ignore', 'ignore', 2],
  })
}

/** `camelot train` with a data folder of its own, removed afterwards. */
async function runCamelot(options: Options, materials: Materials): Promise<MeasuredRun> {
  const home = mkdtempSync(join(materials.cache, 'home-'))
  try {
    return await measure(process.execPath, [builtCommand, ...camelotArguments(options, materials, home)])
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function camelotArguments(options: Options, { model, adapter, rows }: Materials, home: string): string[] {
  const values = {
    home,
    model,
    dataset: rows,
    method: 'lora',
    device: 'cpu',
    'init-adapter': adapter,
    'max-length': options.longest,
    'max-steps': options.steps,
    'per-device-train-batch-size': options.batchSize,
    'learning-rate': options.learningRate,
    'lr-scheduler-type': 'constant',
    'logging-steps': 1,
    'validation-split': 0,
    'eval-strategy': 'no',
    'save-strategy': 'no',
    'output-dir': join(home, 'output'),
  }
  const pairs = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)])
  return ['train', '--json', '--no-shuffle', ...pairs]
}

async function runPeer(
  name: ContenderName,
  options: Options,
  { model, adapter, rows }: Materials,
  python: string,
): Promise<MeasuredRun> {
  const values = {
    model,
    adapter,
    rows,
    precision: name.replace('peer-', ''),
    'max-length': options.longest,
    'max-steps': options.steps,
    'batch-size': options.batchSize,
    'learning-rate': options.learningRate,
  }
  const pairs = Object.entries(values).flatMap(([key, value]) => [`--${key}`, String(value)])
  return measure(python, [inRepository('bench', 'peer', 'train.py'), ...pairs], {
    HF_HUB_OFFLINE: '1',
    TOKENIZERS_PARALLELISM: 'false',
  })
}
