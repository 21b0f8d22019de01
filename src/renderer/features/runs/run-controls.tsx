/** Pause, resume and stop while a run can be; chat and export when it has left something. */
import { Button } from '@mantine/core'
import {
  IconMessageCircle,
  IconPackageExport,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import type { RunEntry, RunStatus } from '../../../shared/contract'
import { hasCheckpoint } from '../../lib/model-reference'
import { controlRun } from './changes'

type Action = 'pause' | 'resume' | 'stop'

const allowed: Record<RunStatus, Action[]> = {
  queued: ['stop'],
  running: ['pause', 'stop'],
  paused: ['resume', 'stop'],
  done: [],
  stopped: ['resume'],
  failed: ['resume'],
  interrupted: ['resume'],
}

const looks = {
  pause: { label: 'Pause', icon: IconPlayerPause },
  resume: { label: 'Resume', icon: IconPlayerPlay },
  stop: { label: 'Stop', icon: IconPlayerStop },
}

export function RunControls({ run }: { run: RunEntry }) {
  const [busy, setBusy] = useState<Action | null>(null)
  async function act(action: Action) {
    setBusy(action)
    await controlRun(action, run.id)
    setBusy(null)
  }
  const actions = allowed[run.status]
  return (
    <>
      {actions.map((action) => {
        const { label, icon: Sign } = looks[action]
        return (
          <Button
            key={action}
            variant={action === 'resume' ? 'filled' : 'default'}
            leftSection={<Sign size={16} />}
            loading={busy === action}
            onClick={() => void act(action)}
          >
            {label}
          </Button>
        )
      })}
      {!actions.includes('pause') && hasCheckpoint(run) && (
        <>
          <Button
            component={Link}
            to={`/exports?source=run:${run.id}`}
            variant="default"
            leftSection={<IconPackageExport size={16} />}
          >
            Export
          </Button>
          <Button
            component={Link}
            to={`/chat?model=run:${run.id}`}
            variant={actions.includes('resume') ? 'default' : 'filled'}
            leftSection={<IconMessageCircle size={16} />}
          >
            Chat
          </Button>
        </>
      )}
    </>
  )
}
