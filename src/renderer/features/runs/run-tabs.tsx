/** Below the curves: samples, checkpoints, the log, and every argument in force. */
import { Tabs } from '@mantine/core'
import type { RunEntry, TrainEvent } from '../../../shared/contract'
import { Panel } from '../../components/place'
import { RunArguments } from './run-arguments'
import { RunCheckpoints } from './run-checkpoints'
import { RunLogView } from './run-log-view'
import { RunSamples } from './run-samples'
import classes from './run-tabs.module.css'

export function RunTabs({ run, events }: { run: RunEntry; events: readonly TrainEvent[] }) {
  return (
    <Panel>
      <Tabs defaultValue="samples" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="samples">Samples</Tabs.Tab>
          <Tabs.Tab value="checkpoints">
            Checkpoints{run.checkpoints.length > 0 && <span className={classes.count}>{run.checkpoints.length}</span>}
          </Tabs.Tab>
          <Tabs.Tab value="log">Log</Tabs.Tab>
          <Tabs.Tab value="arguments">Arguments</Tabs.Tab>
        </Tabs.List>
        <div className={classes.body}>
          <Tabs.Panel value="samples">
            <RunSamples events={events} />
          </Tabs.Panel>
          <Tabs.Panel value="checkpoints">
            <RunCheckpoints run={run} />
          </Tabs.Panel>
          <Tabs.Panel value="log">
            <RunLogView events={events} />
          </Tabs.Panel>
          <Tabs.Panel value="arguments">
            <RunArguments run={run} />
          </Tabs.Panel>
        </div>
      </Tabs>
    </Panel>
  )
}
