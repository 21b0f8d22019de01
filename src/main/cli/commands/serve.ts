/** `serve`: the studio in a browser, until it is asked to end. */
import { z } from 'zod'
import { defineCommand, type Session } from '../command'
import { exitStatus } from '../exit-status'

export const serve = defineCommand({
  name: 'serve',
  summary: 'Serve the studio to a browser on this machine, until Ctrl+C.',
  options: {
    host: {
      schema: z.string().min(1).default('127.0.0.1'),
      placeholder: 'ADDRESS',
      help: 'Address to listen on.',
      otherwise: '127.0.0.1',
    },
    port: {
      schema: z.number().int().min(0).max(65535).default(0),
      help: 'Port to listen on; 0 picks a free one.',
      otherwise: '0',
    },
  },
  async run({ host, port }, session) {
    const studio = await session.studio()
    const { startServer } = await import('../../server')
    const server = await startServer(studio, { host, port, rendererDir: session.places.renderer })
    try {
      if (server.warning) session.terminal.warn(server.warning)
      session.terminal.result({ url: server.url }, (paint) => [
        `The studio is at ${paint.accent(server.url)} (Ctrl+C ends it)`,
      ])
      await asked(session)
    } finally {
      await server.close()
    }
    return exitStatus.done
  },
})

const asked = ({ interruption }: Session) => new Promise<void>((resolve) => interruption.onAsked(resolve))
