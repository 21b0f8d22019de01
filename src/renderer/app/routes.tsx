/**
 * The window's six places. Addresses live after `#`, so that any host can serve them from one page. The code of a place
 * comes when one goes there; until then the place before it stays.
 */
import { createHashRouter, Navigate, Outlet } from 'react-router'
import { LostPlace } from './lost-place'
import { Shell } from './shell'

const shell = (
  <Shell>
    <Outlet />
  </Shell>
)

const chat = async () => ({ Component: (await import('../features/chat/chat-place')).ChatPlace })

export const router = createHashRouter([
  {
    element: shell,
    errorElement: <LostPlace />,
    hydrateFallbackElement: shell,
    children: [
      { index: true, element: <Navigate to="/models" replace /> },
      {
        path: 'models',
        lazy: async () => ({ Component: (await import('../features/models/models-place')).ModelsPlace }),
      },
      {
        path: 'datasets',
        lazy: async () => ({ Component: (await import('../features/datasets/datasets-place')).DatasetsPlace }),
      },
      {
        path: 'datasets/:id',
        lazy: async () => ({ Component: (await import('../features/datasets/dataset-place')).DatasetPlace }),
      },
      {
        path: 'train',
        lazy: async () => ({ Component: (await import('../features/training/training-place')).TrainingPlace }),
      },
      { path: 'runs', lazy: async () => ({ Component: (await import('../features/runs/runs-place')).RunsPlace }) },
      { path: 'runs/:id', lazy: async () => ({ Component: (await import('../features/runs/run-place')).RunPlace }) },
      { path: 'chat', lazy: chat },
      { path: 'chat/:id', lazy: chat },
      {
        path: 'exports',
        lazy: async () => ({ Component: (await import('../features/exports/exports-place')).ExportsPlace }),
      },
      { path: '*', element: <Navigate to="/models" replace /> },
    ],
  },
])
