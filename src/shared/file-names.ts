/** Names of files that are made for a person. */
import type { ExportEntry } from './contract/entries'

/** A name that every file system takes. */
export function safeFileName(name: string): string {
  const allowed = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '')
  return [...allowed].slice(0, longest).join('') || 'untitled'
}

/** Characters; most systems take 255 bytes, of which one may need four. */
const longest = 60

const formatNames: Record<ExportEntry['format'], string> = { peft: 'adapter', safetensors: 'merged' }

/** An export's folder or archive: what was exported, and as what. */
export const exportName = (sourceName: string, format: ExportEntry['format']): string =>
  `${safeFileName(sourceName)}-${formatNames[format]}`
