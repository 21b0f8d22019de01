/** `doctor`: what this machine and this installation are, what can be used, and which lane is the fast one. */
import { defineCommand } from '../command'
import { exitStatus } from '../exit-status'
import { bytes } from '../figures'
import { facts } from '../table'

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Show versions, devices, free memory and disk, and what the processor is good for.',
  options: {},
  async run(_given, { studio, terminal, interruption }) {
    const { client } = await studio()
    const report = await client.system.doctor({})
    const processor = await client.system.processor({ again: true }, { signal: interruption.signal })
    terminal.result({ ...report, processor }, (paint) => [
      ...facts(
        [
          ['Camelot Studio', report.version],
          ['Node', report.node],
          ['Electron', report.electron ?? 'not in use'],
          ['ONNX Runtime', report.onnxruntime],
          ['System', report.platform],
          ['Data folder', report.home],
          ['Processor', `${processor.cores} × ${processor.name}`],
          ['Instructions', processor.features?.join(', ') || 'not known'],
          [
            'Products',
            `fp32 ${giga(processor.rates.float32)}, int8 ${giga(processor.rates.int8)} billion operations a second`,
          ],
          ['Memory', `${bytes(report.memory.freeBytes)} free of ${bytes(report.memory.totalBytes)}`],
          ['Disk', `${bytes(report.disk.freeBytes)} free`],
        ],
        paint,
      ),
      '',
      ...report.devices.map(
        ({ name, available, detail }) => `${available ? paint.good('✓') : paint.dim('✗')} ${name.padEnd(8)} ${detail}`,
      ),
      '',
      processor.advice,
    ])
    return exitStatus.done
  },
})

const giga = (rate: number) => (rate / 1e9).toFixed(0)
