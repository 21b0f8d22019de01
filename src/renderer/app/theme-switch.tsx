/** Light, dark, or as the system has it. */
import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'

const choices = [
  { value: 'light', label: 'Light theme', icon: IconSun },
  { value: 'auto', label: 'Theme of the system', icon: IconDeviceDesktop },
  { value: 'dark', label: 'Dark theme', icon: IconMoon },
] as const

export function ThemeSwitch() {
  // Without keepTransitions Mantine writes a style element, which the page's security policy refuses.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label="Theme"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={choices.map(({ value, label, icon: Icon }) => ({
        value,
        label: (
          <>
            <Icon size={15} stroke={1.6} aria-hidden="true" style={{ display: 'block', margin: '1px auto' }} />
            <span className="visually-hidden">{label}</span>
          </>
        ),
      }))}
    />
  )
}
