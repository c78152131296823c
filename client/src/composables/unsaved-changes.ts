import { onScopeDispose, shallowReactive, type Ref } from 'vue';

const forms = shallowReactive(new Set<Readonly<Ref<boolean>>>());

/** Counts a form among those whose work is lost when the page is left, for as long as its component lives. */
export function noteUnsaved(changed: Readonly<Ref<boolean>>): void {
  forms.add(changed);
  onScopeDispose(() => forms.delete(changed));
}

/** Whether any open form holds changes that nobody saved. */
export const hasUnsaved = (): boolean => [...forms].some((changed) => changed.value);
