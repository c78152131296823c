import { ref } from 'vue';

export type Theme = 'system' | 'light' | 'dark';
const storageKey = 'porchlight.theme';
/** The choice on this device; `system` follows the operating system. */
export const theme = ref<Theme>(read());

function read(): Theme {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

/** Writes the choice onto the page; tokens.css does the rest. */
export function applyTheme(): void {
  const root = document.documentElement;
  if (theme.value === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme.value;
}

/** Changes and keeps the choice. */
export function setTheme(value: Theme): void {
  theme.value = value;
  applyTheme();
  try {
    if (value === 'system') localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, value);
  } catch {
    // Holds until the page is closed.
  }
}
