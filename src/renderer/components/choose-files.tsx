/** The buttons that open a dialog for files or for a model's folder: the system's in Electron, the browser's elsewhere. */
import { Button } from '@mantine/core'
import { IconFolderPlus, IconPlus } from '@tabler/icons-react'
import { useRef } from 'react'
import { desktop } from '../lib/client'
import { chosenItems } from '../lib/dropped-items'
import { addModelFolder, takeIn, takeInPaths } from '../lib/imports'

export function ChooseFilesButton({ variant = 'filled' }: { variant?: string }) {
  const input = useRef<HTMLInputElement>(null)
  async function choose() {
    const bridge = desktop()
    if (!bridge) return input.current?.click()
    const paths = await bridge.chooseFiles()
    await takeInPaths(paths)
  }
  return (
    <>
      <Button variant={variant} leftSection={<IconPlus size={16} />} onClick={() => void choose()}>
        Choose files
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Data files"
        accept=".jsonl,.ndjson,.json,.csv,.txt"
        onChange={(event) => takeChosen(event.currentTarget)}
      />
    </>
  )
}

export function ChooseModelFolderButton({ variant = 'filled' }: { variant?: string }) {
  const input = useRef<HTMLInputElement>(null)
  async function choose() {
    const bridge = desktop()
    if (!bridge) return input.current?.click()
    const folder = await bridge.chooseFolder('Choose a model folder')
    if (folder) await addModelFolder(folder)
  }
  return (
    <>
      <Button variant={variant} leftSection={<IconFolderPlus size={16} />} onClick={() => void choose()}>
        Add a folder
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Model folder"
        {...{ webkitdirectory: '' }}
        onChange={(event) => takeChosen(event.currentTarget)}
      />
    </>
  )
}

/** Empties the field, so that the same file can be chosen again. */
function takeChosen(input: HTMLInputElement) {
  const items = chosenItems(input.files)
  input.value = ''
  void takeIn(items)
}
