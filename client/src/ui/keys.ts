const onApple = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform);
const names: Record<string, string> = onApple
  ? { mod: '⌘', shift: '⇧', alt: '⌥', ctrl: '⌃' }
  : { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', ctrl: 'Ctrl' };
const signs: Record<string, string> = { enter: '↵', escape: 'Esc', arrowup: '↑', arrowdown: '↓', backspace: '⌫', ' ': 'Space' };

/** True where ⌘ takes the place of Ctrl. */
export const commandKeyIsMeta = onApple;

/** The labels of one binding (`mod+k` → `Ctrl`,`K`; `g i` → `G`,`I`), in the order they are pressed. */
export function keyParts(keys: string): string[] {
  return keys.split(' ').flatMap((step) => step.split('+')).map((key) => names[key] ?? signs[key.toLowerCase()] ?? key.toUpperCase());
}
