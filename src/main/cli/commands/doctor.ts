/** `doctor`: what this machine and this installation are, and what can be used. */
import { defineCommand } from '../command'
import { exitStatus } from '../exit-status'
import { bytes } from '../figures'
import { facts } from '../table'

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Show versions, devices, free memory and disk.',
  options: {},
  async run(_given, { studio, terminal }) {
    const { client } = await studio()
    const report = await client.system.doctor({})
    terminal.result(report, (paint) => [
      ...facts(
        [
          ['Camelot Studio', report.version],
          ['Node', report.node],
          ['Electron', report.electron ?? 'not in use'],
          ['ONNX Runtime', report.onnxruntime],
          ['System', report.platform],
          ['Data folder', report.home],
          ['Memory', `${bytes(report.memory.freeBytes)} free of ${bytes(report.memory.totalBytes)}`],
          ['Disk', `${bytes(report.disk.freeBytes)} free`],
        ],
        paint,
      ),
      '',
      ...report.devices.map(
        ({ name, available, detail }) => `${available ? paint.good('✓') : paint.dim('✗')} ${name.padEnd(8)} ${detail}`,
      ),
    ])
    return exitStatus.done
  },
})
