/** Mantine's theme. Colours live in `theme.css`: the page's security policy allows no style that script writes. */
import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

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

/** Words on the accent are dark where the accent is light; the style sheet knows which. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  const onAccent = input.variant === 'filled' && (input.color ?? input.theme.primaryColor) === input.theme.primaryColor
  return onAccent ? { ...colors, color: 'var(--mantine-primary-color-contrast)' } : colors
}

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 4 },
  colors: { teal: verdigris },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  variantColorResolver,
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
    Switch: { defaultProps: { withThumbIndicator: false } },
    Skeleton: { defaultProps: { radius: 'md' } },
  },
})
