import { reactive } from 'vue';

export interface Toast {
  id: number;
  tone: 'neutral' | 'done' | 'failed';
  text: string;
  action?: { label: string; run: () => void };
  /** Milliseconds until it goes by itself; it waits while pointed at or focused. */
  duration: number;
}
const shown = reactive<Toast[]>([]);
let last = 0;

/** What is on show now, oldest first; ToastRegion draws it. */
export const toasts: readonly Toast[] = shown;

/** Tells of something that has happened. Never put the only way to do something here: it goes away. Returns its id. */
export function showToast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const tone = options.tone ?? 'neutral';
  const toast: Toast = { id: ++last, text, tone, duration: options.duration ?? (options.action || tone === 'failed' ? 10_000 : 5_000), action: options.action };
  shown.push(toast);
  if (shown.length > 3) shown.shift();
  return toast.id;
}

/** Takes a toast away before its time. */
export function dismissToast(id: number): void {
  const index = shown.findIndex((toast) => toast.id === id);
  if (index >= 0) shown.splice(index, 1);
}
