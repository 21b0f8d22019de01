/** Sends files to the browser host (`POST /upload`), with progress. In Electron files go by their path instead. */

export type UploadProgress = (bytesSent: number) => void

/**
 * Uploads one file; with `group`, as a further file of an upload that has begun.
 * @returns the upload's id.
 */
export function uploadFile(file: File, name: string, group: string | null, progress: UploadProgress): Promise<string> {
  const query = new URLSearchParams(group ? { name, group } : { name })
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/upload?${query}`)
    request.responseType = 'text'
    request.upload.addEventListener('progress', (event) => progress(event.loaded))
    request.addEventListener('error', () => reject(new Error(`${name} could not be sent: the studio does not answer.`)))
    request.addEventListener('load', () => {
      const id = uploadId(request)
      if (id) resolve(id)
      else reject(new Error(refusal(request, name)))
    })
    request.send(file)
  })
}

/** Uploads a folder's files one after the other into one upload; progress counts bytes of all. */
export async function uploadFolder(files: { path: string; file: File }[], progress: UploadProgress): Promise<string> {
  let group: string | null = null
  let before = 0
  for (const { path, file } of files) {
    group = await uploadFile(file, path, group, (sent) => progress(before + sent))
    before += file.size
  }
  if (!group) throw new Error('The folder is empty.')
  return group
}

function uploadId(request: XMLHttpRequest): string | null {
  if (request.status < 200 || request.status >= 300) return null
  const answer = parsed(request.responseText)
  return typeof answer?.id === 'string' ? answer.id : null
}

function refusal(request: XMLHttpRequest, name: string): string {
  const answer = parsed(request.responseText)
  if (typeof answer?.message === 'string') return answer.message
  if (request.status === 413) return `${name} is larger than the studio takes from a browser.`
  const said = request.responseText.trim()
  return said && said.length < 300 && !said.startsWith('<')
    ? said
    : `${name} was refused by the studio (status ${request.status}).`
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
