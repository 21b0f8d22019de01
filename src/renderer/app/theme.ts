/** Mantine's theme. Colours live in `theme.css`: the page's security policy allows no style that script writes. */
import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Verdigris, the one accent. */
const verdigris: MantineColorsTuple = [
  '#eaf4f2',
  '#d3e9e6',
  '#a8d5cf',
  '#7cc0b8',
  '#55aca3',
  '#33978e',
  '#16837b',
  '#0b6e69',
  '#085a56',
  '#064744',
]

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 4 },
  colors: { teal: verdigris },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Modal: { defaultProps: { lockScroll: false, centered: true, radius: 'lg', transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 100 }, withArrow: false } },
    Menu: { defaultProps: { transitionProps: { duration: 90 }, shadow: 'md' } },
    Popover: { defaultProps: { transitionProps: { duration: 90 }, shadow: 'md' } },
    Select: {
      defaultProps: { checkIconPosition: 'right', comboboxProps: { shadow: 'md', transitionProps: { duration: 90 } } },
    },
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Skeleton: { defaultProps: { radius: 'md' } },
  },
})
