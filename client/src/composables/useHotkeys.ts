import { computed, onScopeDispose, reactive, ref, toValue, type MaybeRefOrGetter } from 'vue';
import { commandKeyIsMeta } from '../ui/keys';

export interface Hotkey {
  /** `j`, `?`, `g i` (one after the other), `mod+k` (⌘ or Ctrl), `shift+enter`, `escape`. */
  keys: string;
  label: string;
  run: (event: KeyboardEvent) => void;
  when?: () => boolean;
  /** Works while typing too. Only for chords with mod and for escape. */
  whileTyping?: boolean;
  /** Not shown by the `?` dialog. */
  hidden?: boolean;
}
export interface HotkeyScope { id: number; name: string; hotkeys: Hotkey[] }

const scopes = reactive<{ id: number; name: MaybeRefOrGetter<string>; hotkeys: MaybeRefOrGetter<Hotkey[]> }[]>([]);
let lastId = 0;
let pending = '';
let pendingSince = 0;
let listening = false;
const storageKey = 'porchlight.singleKeys';
/** Keys without a modifier can be switched off (WCAG 2.1.4), for people who dictate or whose hands slip. */
export const singleKeysOn = ref(readChoice());

function readChoice(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

/** Keeps the person's choice on this device. */
export function setSingleKeys(on: boolean): void {
  singleKeysOn.value = on;
  localStorage.setItem(storageKey, on ? 'on' : 'off');
}

/** Every scope in force now, innermost last; for the `?` dialog. */
export const hotkeyScopes = computed<HotkeyScope[]>(() => scopes.map((scope) => ({ id: scope.id, name: toValue(scope.name) as string, hotkeys: toValue(scope.hotkeys) as Hotkey[] })));

/** Puts keys in force while the calling component lives. Later scopes win over earlier ones. `name` heads them in the `?` dialog. */
export function useHotkeys(name: MaybeRefOrGetter<string>, hotkeys: MaybeRefOrGetter<Hotkey[]>): void {
  const id = ++lastId;
  scopes.push({ id, name: name as never, hotkeys: hotkeys as never });
  if (!listening) {
    window.addEventListener('keydown', onKeydown);
    listening = true;
  }
  onScopeDispose(() => {
    const index = scopes.findIndex((scope) => scope.id === id);
    if (index >= 0) scopes.splice(index, 1);
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=range], [type=color])');
}

/** The name of what was pressed, in the spelling of `Hotkey.keys`. Shift is left out where it only makes another sign (`?`). */
export function pressedName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key.toLowerCase();
  const mod = commandKeyIsMeta ? event.metaKey : event.ctrlKey;
  const shift = event.shiftKey && (key.length > 1 || mod || /\p{L}/u.test(key));
  return [mod && 'mod', event.altKey && 'alt', shift && 'shift', key].filter(Boolean).join('+');
}

function onKeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
  const name = pressedName(event);
  const typing = isTyping(event.target);
  const plain = !name.includes('mod+') && !name.includes('alt+') && event.key.length === 1;
  // Inside a menu or list box letters jump to entries; inside a dialog the page beneath is out of reach.
  const target = event.target instanceof Element ? event.target : document.body;
  const inside = target.closest('[role=menu], [role=listbox], [role=dialog], [role=alertdialog]') !== null;
  if (plain && (!singleKeysOn.value || typing || inside)) return;
  const now = Date.now();
  const sequence = pending && now - pendingSince < 1200 ? `${pending} ${name}` : '';
  pending = '';
  const active = [...hotkeyScopes.value].reverse().flatMap((scope) => scope.hotkeys).filter((hotkey) => (!typing || hotkey.whileTyping) && (!inside || hotkey.whileTyping) && (hotkey.when?.() ?? true));
  const hit = (sequence && active.find((hotkey) => hotkey.keys === sequence)) || active.find((hotkey) => hotkey.keys === name);
  if (hit) {
    event.preventDefault();
    hit.run(event);
  } else if (active.some((hotkey) => hotkey.keys.startsWith(`${name} `))) {
    pending = name;
    pendingSince = now;
  }
}
