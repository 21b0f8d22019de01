/** `POST /upload?name=<relative path>[&group=<id>]` with the file as its body: streamed to disk, answered by an id. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'
import { StudioFailure } from '../library/failure'
import { BadName, TooLarge } from '../library/uploads'
import type { Studio } from '../studio'
import { refuse } from './replies'

export async function receiveUpload({ uploads }: Studio, url: URL, request: IncomingMessage, response: ServerResponse) {
  const name = url.searchParams.get('name') ?? ''
  try {
    // Refused before a byte is read where the browser says how much is coming.
    if (Number(request.headers['content-length'] ?? 0) > uploads.limitBytes) throw new TooLarge(uploads.limitBytes)
    const id = await uploads.receive(bodyOf(request), name, url.searchParams.get('group'))
    response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify({ id }))
  } catch (failure) {
    if (request.destroyed && !request.complete) return void response.destroy()
    const [status, sentence] = refusalOf(failure)
    refuse(response, status, sentence)
    drain(request)
  }
}

/** The body as a stream of its own: when storing it fails, the connection stays open for the answer. */
function bodyOf(request: IncomingMessage): Readable {
  const body = new PassThrough()
  request.once('close', () => {
    if (!request.complete) body.destroy(new Error('the upload broke off'))
  })
  return request.pipe(body)
}

/** Reads and forgets what is still coming, for a while: a browser looks at the answer only after it has sent. */
function drain(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), 10_000)
  request.once('close', () => clearTimeout(timer)).resume()
}

function refusalOf(failure: unknown): [status: number, sentence: string] {
  if (failure instanceof TooLarge) return [413, failure.message]
  if (failure instanceof BadName) return [400, failure.message]
  if (failure instanceof StudioFailure) return [404, failure.message]
  if ((failure as NodeJS.ErrnoException).code === 'ENOSPC')
    return [507, "The disk of the studio's data folder is full: free some space and send the file again."]
  return [500, `The file could not be stored: ${failure instanceof Error ? failure.message : failure}.`]
}
