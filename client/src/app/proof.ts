import { shallowRef } from 'vue';
import { onProofRequired } from '../api/http';

/** Set while the person is asked to prove who they are: takes undefined when they did, or why nothing was done. */
export const proofWanted = shallowRef<(refusal?: string) => void>();

let asking: Promise<string | undefined> | undefined;
// Several requests at once ask once.
onProofRequired(() => asking ??= new Promise<string | undefined>((resolve) => { proofWanted.value = resolve; }).finally(() => { proofWanted.value = asking = undefined; }));
