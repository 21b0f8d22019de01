/** The window's six places. Addresses live after `#`, so that any host can serve them from one page. */
import { createHashRouter, Navigate, Outlet } from 'react-router'
import { ChatPlace } from '../features/chat/chat-place'
import { DatasetPlace } from '../features/datasets/dataset-place'
import { DatasetsPlace } from '../features/datasets/datasets-place'
import { ExportsPlace } from '../features/exports/exports-place'
import { ModelsPlace } from '../features/models/models-place'
import { RunPlace } from '../features/runs/run-place'
import { RunsPlace } from '../features/runs/runs-place'
import { TrainingPlace } from '../features/training/training-place'
import { LostPlace } from './lost-place'
import { Shell } from './shell'

export const router = createHashRouter([
  {
    element: (
      <Shell>
        <Outlet />
      </Shell>
    ),
    errorElement: <LostPlace />,
    children: [
      { index: true, element: <Navigate to="/models" replace /> },
      { path: 'models', element: <ModelsPlace /> },
      { path: 'datasets', element: <DatasetsPlace /> },
      { path: 'datasets/:id', element: <DatasetPlace /> },
      { path: 'train', element: <TrainingPlace /> },
      { path: 'runs', element: <RunsPlace /> },
      { path: 'runs/:id', element: <RunPlace /> },
      { path: 'chat', element: <ChatPlace /> },
      { path: 'chat/:id', element: <ChatPlace /> },
      { path: 'exports', element: <ExportsPlace /> },
      { path: '*', element: <Navigate to="/models" replace /> },
    ],
  },
])
