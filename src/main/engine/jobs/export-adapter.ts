/** The export of an adapter alone, as peft loads it: its two files, the tokenizer's, and a card. */
import { join } from 'node:path'
import { isRecord } from '../files/json'
import { writeTextWhole } from '../files/whole'
import { modelOf } from '../models'
import { anatomyOf } from '../models/anatomy'
import { fitAdapter } from '../models/fit-adapter'
import { EngineError, type ExportSpec } from '../protocol'
import { openCheckpoint } from '../weights/checkpoint'
import { copyCompanions, tokenizerFiles } from '../weights/companions'
import { elementsIn } from '../weights/dtypes'
import { readAdapter, writeAdapter } from '../weights/peft'
import { readFloat32 } from '../weights/safetensors'
import type { PlannedExport } from './export-plan'

/** @throws EngineError `bad_arguments` where there is no adapter, `bad_model` where it does not fit the model */
export async function adapterExport({ model, dtype, sourceName }: ExportSpec): Promise<PlannedExport> {
  if (model.adapter === null)
    throw new EngineError(
      'bad_arguments',
      `"${sourceName}" is a whole model without an adapter: export it as safetensors.`,
    )
  if (dtype !== null)
    throw new EngineError(
      'bad_arguments',
      'An adapter is written as it was trained, in F32: a dtype is for safetensors.',
    )
  const checkpoint = await openCheckpoint(model.folder)
  const adapter = await readAdapter(model.adapter)
  const modules = fitAdapter(adapter, anatomyOf(modelOf(checkpoint.config, join(model.folder, 'config.json'))))
  const entries = [...adapter.tensors]
  const bytesTotal = entries.reduce((sum, [, { shape }]) => sum + 4 * elementsIn(shape), 0)
  return {
    bytesTotal,
    dtype: null,
    async *write(folder) {
      await copyCompanions(model.folder, folder, tokenizerFiles)
      await writeTextWhole(join(folder, 'README.md'), card(sourceName, baseName(checkpoint.config, model.folder)))
      const fanInFanOut = modules.some(({ layer }) => layer.stored === 'in-out')
      const tensors = entries.map(([name, entry]) => ({ name, shape: entry.shape, data: () => readFloat32(entry) }))
      await writeAdapter(folder, { ...adapter.config, fanInFanOut }, tensors)
      yield bytesTotal
    },
  }
}

/** The name that the model's own configuration gives, else its folder's. */
function baseName(config: unknown, folder: string): string {
  const name = isRecord(config) ? config._name_or_path : undefined
  return typeof name === 'string' && name !== '' ? name : folder
}

const card = (name: string, base: string) => `---
library_name: peft
base_model: ${JSON.stringify(base)}
pipeline_tag: text-generation
tags:
- lora
---

# ${name}

A LoRA adapter over \`${base}\`, made with Camelot Studio.

\`\`\`python
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

base = AutoModelForCausalLM.from_pretrained(${JSON.stringify(base)})
model = PeftModel.from_pretrained(base, "path/to/this/folder")
tokenizer = AutoTokenizer.from_pretrained("path/to/this/folder")
\`\`\`
`
