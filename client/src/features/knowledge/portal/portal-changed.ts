import type { InjectionKey } from 'vue';

/** Runs when something in the help centre came, went or moved: its counts are fetched again. */
export const PORTAL_CHANGED: InjectionKey<() => Promise<void>> = Symbol('portal changed');
