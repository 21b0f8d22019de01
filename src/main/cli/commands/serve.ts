/** `serve`: the studio in a browser, until it is asked to end. */
import { z } from 'zod'
import { startServer } from '../../server'
import { defineCommand, type Session } from '../command'
import { type ExitStatus, exitStatus, Failure } from '../exit-status'

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
  async run({ host, port }, session): Promise<ExitStatus> {
    const studio = await session.studio()
    const server = await startServer(studio, { host, port, rendererDir: session.places.renderer }).catch(
      (error: unknown) => {
        throw listening(error, host, port)
      },
    )
    try {
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

function listening(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new Failure(
        `Port ${port} on ${host} is in use by another program; choose another one, or --port 0 for any that is free.`,
      )
    case 'EACCES':
      return new Failure(
        `Port ${port} on ${host} is not open to you; choose one above 1023, or --port 0 for any that is free.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure(`${host} is not an address of this machine; leave --host out for 127.0.0.1.`)
    default:
      return error
  }
}
