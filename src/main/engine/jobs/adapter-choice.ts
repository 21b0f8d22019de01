/** The adapter that a run's arguments ask for, or the one that it goes on from; and the layers that get one. */
import type { TrainingArguments } from '../../../shared/contract'
import { type Anatomy, tensorsAndHead } from '../models/anatomy'
import { fitAdapter } from '../models/fit-adapter'
import { EngineError } from '../protocol'
import { readAdapter } from '../weights/peft'
import type { AdapterConfig } from '../weights/peft-config'
import { isSaved, isTarget, type Targets, valueFor } from '../weights/peft-rules'
import type { OpenModel } from './open-model'

export type ChosenAdapter = { config: AdapterConfig; paths: ReadonlySet<string> }

/**
 * An adapter to start from decides everything but the dropout, whatever else was asked for; the arguments then say so.
 * @throws EngineError `bad_arguments` naming what means no layer, `bad_model` for an adapter of another model
 */
export async function chooseAdapter(open: OpenModel, args: TrainingArguments): Promise<ChosenAdapter> {
  const anatomy = open.anatomy
  const chosen = args.init_adapter ? await startingAdapter(args.init_adapter, anatomy) : askedFor(args, anatomy)
  const config = {
    ...chosen.config,
    targetModules: targetNames(chosen, anatomy),
    dropout: args.lora_dropout,
    fanInFanOut: anatomy.linears.some(({ path, stored }) => stored === 'in-out' && chosen.paths.has(path)),
    baseModel: open.folder,
  }
  if (args.init_adapter) Object.assign(args, argumentsFor(config))
  return { config, paths: chosen.paths }
}

const pathsOf = ({ linears }: Anatomy) => linears.map(({ path }) => path)

async function startingAdapter(folder: string, anatomy: Anatomy): Promise<ChosenAdapter> {
  const adapter = await readAdapter(folder)
  return { config: adapter.config, paths: new Set(fitAdapter(adapter, anatomy).map(({ path }) => path)) }
}

function askedFor(args: TrainingArguments, anatomy: Anatomy): ChosenAdapter {
  const config = configOf(args)
  const targets: Targets = args.target_modules
  refuseUnknown(config, targets, anatomy)
  const paths = pathsOf(anatomy).filter(
    (path) => isTarget(path, targets) && !isSaved(`${path}.weight`, config.modulesToSave),
  )
  if (paths.length === 0)
    throw new EngineError(
      'bad_arguments',
      'target_modules and modules_to_save leave no layer for an adapter: a module that is trained whole gets none.',
    )
  return { config, paths: new Set(paths) }
}

const configOf = (args: TrainingArguments): AdapterConfig => ({
  r: args.lora_r,
  alpha: args.lora_alpha,
  dropout: args.lora_dropout,
  rankPattern: args.rank_pattern,
  alphaPattern: args.alpha_pattern,
  rslora: args.use_rslora,
  dora: args.use_dora,
  targetModules: args.target_modules === 'all-linear' ? [] : args.target_modules,
  modulesToSave: args.modules_to_save ?? [],
  bias: args.bias,
  fanInFanOut: false,
  baseModel: null,
})

const argumentsFor = (config: AdapterConfig): Partial<TrainingArguments> => ({
  lora_r: config.r,
  lora_alpha: config.alpha,
  rank_pattern: { ...config.rankPattern },
  alpha_pattern: { ...config.alphaPattern },
  use_rslora: config.rslora,
  use_dora: config.dora,
  target_modules: [...config.targetModules],
  modules_to_save: config.modulesToSave.length > 0 ? [...config.modulesToSave] : null,
  bias: config.bias,
})

/** Each name must mean something: a misspelt one would go unnoticed otherwise. */
function refuseUnknown(
  { modulesToSave, rankPattern, alphaPattern }: AdapterConfig,
  targets: Targets,
  anatomy: Anatomy,
) {
  const paths = pathsOf(anatomy)
  const lasts = () => [...new Set(paths.map((path) => path.split('.').at(-1)))].join(', ')
  const unknown =
    targets === 'all-linear' ? [] : targets.filter((name) => !paths.some((path) => isTarget(path, [name])))
  if (unknown.length > 0)
    throw new EngineError(
      'bad_arguments',
      `target_modules: "${unknown[0]}" names no linear layer of this model. Use all-linear, or names such as ${lasts()}.`,
    )
  for (const [argument, patterns] of Object.entries({ rank_pattern: rankPattern, alpha_pattern: alphaPattern }))
    for (const [pattern, value] of Object.entries(patterns))
      if (!paths.some((path) => isTarget(path, targets) && valueFor({ [pattern]: value }, path) !== undefined))
        throw new EngineError(
          'bad_arguments',
          `${argument}: "${pattern}" matches no layer that gets an adapter. Use ends of module names, such as ${lasts()}.`,
        )
  const names = [...tensorsAndHead(anatomy).keys()]
  const lost = modulesToSave.find((module) => !names.some((name) => isSaved(name, [module])))
  if (lost !== undefined)
    throw new EngineError(
      'bad_arguments',
      `modules_to_save: "${lost}" names no module of this model. It has ${modulesOf(names).join(', ')}, among others.`,
    )
}

/** Modules outside of the layers: the embeddings, the last norm, the head. */
const modulesOf = (tensors: readonly string[]) => [
  ...new Set(tensors.filter((name) => !/\.\d+\./.test(name)).map((name) => name.split('.').at(-2)!)),
]

/** Names that mean exactly the chosen layers: those given, else their last parts, else their whole paths. */
function targetNames({ config, paths }: ChosenAdapter, anatomy: Anatomy): readonly string[] {
  const meansExactly = (names: readonly string[]) => {
    const meant = pathsOf(anatomy).filter(
      (path) => isTarget(path, names) && !isSaved(`${path}.weight`, config.modulesToSave),
    )
    return meant.length === paths.size && meant.every((path) => paths.has(path))
  }
  if (meansExactly(config.targetModules)) return config.targetModules
  const lasts = [...new Set([...paths].map((path) => path.split('.').at(-1)!))]
  return meansExactly(lasts) ? lasts : [...paths]
}
