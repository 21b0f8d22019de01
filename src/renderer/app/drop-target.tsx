/** The whole window takes files: data becomes data sets, a model's folder becomes a model. */
import { IconDownload } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { readDrop } from '../lib/dropped-items'
import { takeIn } from '../lib/imports'
import classes from './drop-target.module.css'

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

export function DropTarget({ children }: { children: ReactNode }) {
  const [over, setOver] = useState(false)
  useEffect(() => listenForFiles(setOver), [])
  return (
    <>
      {children}
      {over && (
        <div className={classes.veil} aria-hidden="true">
          <div className={classes.sign}>
            <IconDownload size={34} stroke={1.4} />
            <strong>Drop to add</strong>
            <span>JSONL, JSON, CSV and TXT files become data sets, a folder with a config.json becomes a model.</span>
          </div>
        </div>
      )}
    </>
  )
}

/** Follows a drag over the whole document. Enter and leave come for every element, so they are counted. */
function listenForFiles(setOver: (over: boolean) => void): () => void {
  let depth = 0
  const listeners = {
    dragenter(event: DragEvent) {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth += 1
      setOver(true)
    },
    dragover(event: DragEvent) {
      if (!carriesFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    },
    dragleave(event: DragEvent) {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    },
    drop(event: DragEvent) {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      if (event.dataTransfer) void readDrop(event.dataTransfer).then(takeIn)
    },
  }
  const kinds = Object.keys(listeners) as (keyof typeof listeners)[]
  for (const kind of kinds) document.addEventListener(kind, listeners[kind])
  return () => {
    for (const kind of kinds) document.removeEventListener(kind, listeners[kind])
  }
}
