/**
 * What was dropped on the window, or chosen: data files become data sets, a folder with a `config.json` becomes a
 * model, a folder of data files becomes data sets, and anything else gets a sentence.
 */
export type FolderFile = { path: string; file: File }

/** A dropped thing as the browser hands it out: a file, or a folder with everything in it. */
export type DroppedItem =
  | { kind: 'file'; file: File }
  | { kind: 'folder'; name: string; files: FolderFile[]; handle: File | null }

export type Intake = {
  datasets: File[]
  models: { name: string; files: FolderFile[]; handle: File | null }[]
  /** Sentences about what cannot be used. */
  refused: string[]
}

const dataEndings = ['.jsonl', '.ndjson', '.json', '.csv', '.txt']
const weightEndings = ['.safetensors', '.bin', '.gguf', '.onnx', '.pt', '.pth']
/** Files of a folder that a model needs; the rest is not worth its upload. */
const modelEndings = ['.json', '.safetensors', '.txt', '.jinja', '.md', '.model']

const endsWith = (name: string, endings: string[]) => endings.some((ending) => name.toLowerCase().endsWith(ending))

/** Sorts what was dropped. */
export function classify(items: DroppedItem[]): Intake {
  const intake: Intake = { datasets: [], models: [], refused: [] }
  for (const item of items) {
    if (item.kind === 'file') classifyFile(item.file, intake)
    else classifyFolder(item, intake)
  }
  return intake
}

function classifyFile(file: File, intake: Intake) {
  if (endsWith(file.name, dataEndings)) intake.datasets.push(file)
  else if (endsWith(file.name, weightEndings))
    intake.refused.push(`${file.name} is a part of a model. Drop the whole folder, with its config.json.`)
  else intake.refused.push(`${file.name} cannot be read as data. JSONL, JSON, CSV and TXT files can.`)
}

function classifyFolder(folder: DroppedItem & { kind: 'folder' }, intake: Intake) {
  if (folder.files.some((each) => each.path === 'config.json')) {
    const files = folder.files.filter((each) => !each.path.includes('/') && endsWith(each.path, modelEndings))
    intake.models.push({ name: folder.name, files, handle: folder.handle })
    return
  }
  const data = folder.files.filter((each) => endsWith(each.path, dataEndings))
  intake.datasets.push(...data.map((each) => each.file))
  if (data.length === 0)
    intake.refused.push(
      `The folder ${folder.name} holds neither a config.json nor data files (JSONL, JSON, CSV, TXT), so there is nothing to add.`,
    )
}

/** Reads a drop. Must be called within the event's own turn: the browser forgets the items afterwards. */
export function readDrop(transfer: DataTransfer): Promise<DroppedItem[]> {
  const pending = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }))
  return Promise.all(
    pending.map(({ entry, file }) => {
      if (entry?.isDirectory) return readFolder(entry as FileSystemDirectoryEntry, file)
      return file ? Promise.resolve<DroppedItem>({ kind: 'file', file }) : null
    }),
  ).then((items) => items.filter((item) => item !== null))
}

async function readFolder(entry: FileSystemDirectoryEntry, handle: File | null): Promise<DroppedItem> {
  return { kind: 'folder', name: entry.name, files: await filesUnder(entry, '', 2), handle }
}

/** Files of a folder and of its subfolders, `depth` levels down. */
async function filesUnder(folder: FileSystemDirectoryEntry, prefix: string, depth: number): Promise<FolderFile[]> {
  const nested = await Promise.all(
    (await entriesOf(folder)).map(async (entry): Promise<FolderFile[]> => {
      const path = `${prefix}${entry.name}`
      if (entry.isFile) return [{ path, file: await fileOf(entry as FileSystemFileEntry) }]
      return depth > 1 ? filesUnder(entry as FileSystemDirectoryEntry, `${path}/`, depth - 1) : []
    }),
  )
  return nested.flat()
}

/** A reader answers at most a hundred entries at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject))

/** What an `<input type="file">` holds: loose files, or (with `webkitdirectory`) one folder. */
export function chosenItems(list: FileList | null): DroppedItem[] {
  const files = [...(list ?? [])]
  const folder = files[0]?.webkitRelativePath.split('/')[0]
  if (!folder) return files.map((file) => ({ kind: 'file', file }))
  const inside = files.map((file) => ({ path: file.webkitRelativePath.slice(folder.length + 1), file }))
  return [{ kind: 'folder', name: folder, files: inside, handle: null }]
}
