/** What was exported, as what, when, and where it is. */
import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconDownload, IconFolder, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { ExportEntry } from '../../../shared/contract'
import { Confirmation } from '../../components/confirmation'
import table from '../../components/list-table.module.css'
import { desktop } from '../../lib/client'
import { bytes, moment } from '../../lib/format'
import { downloadExport, removeExport } from './export-job'
import classes from './exports.module.css'
import { formatInWords } from './formats'

export function ExportTable({ exports }: { exports: ExportEntry[] }) {
  return (
    <div className={table.frame}>
      <table className={table.table} aria-label="Exports">
        <colgroup>
          <col />
          <col className={classes.formatColumn} />
          <col className={classes.number} />
          <col className={`${classes.time} ${table.wideOnly}`} />
          <col className={classes.actionColumn} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Export</th>
            <th scope="col">Format</th>
            <th scope="col" className={table.number}>
              Size
            </th>
            <th scope="col" className={`${table.number} ${table.wideOnly}`}>
              Made
            </th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {exports.map((entry) => (
            <ExportRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ExportRow({ entry }: { entry: ExportEntry }) {
  const [asking, setAsking] = useState(false)
  const bridge = desktop()
  return (
    <tr>
      <td className={table.main}>
        {entry.sourceName}
        <span className={table.soft} title={entry.folder}>
          {entry.downloadable ? 'For download' : entry.folder}
        </span>
      </td>
      <td>{formatInWords(entry)}</td>
      <td className={table.number}>{bytes(entry.sizeBytes)}</td>
      <td className={`${table.number} ${table.wideOnly}`}>{moment(entry.createdAt)}</td>
      <td>
        <div className={table.actions}>
          {bridge && (
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<IconFolder size={15} />}
              onClick={() => void bridge.showInFolder(entry.folder)}
            >
              Show in folder
            </Button>
          )}
          {!bridge && entry.downloadable && (
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<IconDownload size={15} />}
              aria-label={`Download ${entry.sourceName}`}
              onClick={() => downloadExport(entry)}
            >
              Download
            </Button>
          )}
          <Tooltip label="Remove from the list">
            <ActionIcon aria-label={`Remove export of ${entry.sourceName}`} onClick={() => setAsking(true)}>
              <IconTrash size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
        <Confirmation
          opened={asking}
          close={() => setAsking(false)}
          title="Remove this export?"
          text={
            entry.downloadable
              ? 'The studio deletes its copy. What you have downloaded stays.'
              : 'It leaves the list. The folder that was written stays.'
          }
          verb="Remove"
          act={() => removeExport(entry.id)}
        />
      </td>
    </tr>
  )
}
