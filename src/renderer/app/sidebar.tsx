/** The six places, what is running now, and the switch between light and dark. */
import {
  IconBox,
  IconChartLine,
  IconDatabase,
  IconFlame,
  IconMessageCircle,
  IconPackageExport,
} from '@tabler/icons-react'
import { NavLink } from 'react-router'
import { Logo } from './logo'
import { RunningNow } from './running-now'
import classes from './sidebar.module.css'
import { ThemeSwitch } from './theme-switch'

const places = [
  { to: '/models', label: 'Models', icon: IconBox },
  { to: '/datasets', label: 'Datasets', icon: IconDatabase },
  { to: '/train', label: 'Train', icon: IconFlame },
  { to: '/runs', label: 'Runs', icon: IconChartLine },
  { to: '/chat', label: 'Chat', icon: IconMessageCircle },
  { to: '/exports', label: 'Exports', icon: IconPackageExport },
]

export function Sidebar() {
  return (
    <aside className={classes.sidebar}>
      <div className={classes.brand}>
        <Logo />
        <span>Camelot</span>
      </div>
      <nav aria-label="Places" className={classes.places}>
        {places.map(({ to, label, icon: Icon }) => (
          <NavLink key={to} to={to} className={classes.link}>
            <Icon size={18} stroke={1.6} aria-hidden="true" />
            {label}
          </NavLink>
        ))}
      </nav>
      <div className={classes.foot}>
        <RunningNow />
        <ThemeSwitch />
      </div>
    </aside>
  )
}
