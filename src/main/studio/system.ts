/** The machine, as `camelot doctor` and the window's status tell it, and news of the catalogue. */
import { readFile, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus, freemem, totalmem } from 'node:os'
import { z } from 'zod'
import type { DoctorReport } from '../../shared/contract'
import { endOf, type StudioContext } from './context'
import { procedures } from './procedures'
import { reportProcessor } from './processor'

export function systemProcedures(context: StudioContext) {
  const os = procedures.system
  return {
    doctor: os.doctor.handler(() => examine(context)),
    processor: os.processor.handler(({ input, signal }) =>
      reportProcessor(context, input.again, endOf(context, signal)),
    ),
    changes: os.changes.handler(({ signal }) => context.library.changes.follow(signal)),
  }
}

async function examine({ library, engine, version, electron }: StudioContext): Promise<DoctorReport> {
  const { bavail, bsize } = await statfs(library.home.root)
  return {
    version,
    node: process.versions.node,
    electron,
    onnxruntime: await onnxruntimeVersion(engine.script),
    platform: `${process.platform} ${process.arch}`,
    home: library.home.root,
    devices: [
      { name: 'cpu', available: true, detail: processors() },
      { name: 'webgpu', available: false, detail: 'This version trains on the processor only.' },
      { name: 'cuda', available: false, detail: 'This version trains on the processor only.' },
    ],
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    disk: { freeBytes: bavail * bsize },
  }
}

function processors(): string {
  const all = cpus()
  return `${all.length} ${all.length === 1 ? 'core' : 'cores'}, ${all[0]?.model.trim() ?? 'unknown model'}`
}

/** The version that the engine's script would load; this process never loads it. */
async function onnxruntimeVersion(script: string): Promise<string> {
  try {
    const manifest = createRequire(script).resolve('onnxruntime-node/package.json')
    return z.object({ version: z.string() }).parse(JSON.parse(await readFile(manifest, 'utf8'))).version
  } catch {
    return 'not found'
  }
}
