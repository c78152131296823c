import type { Feature } from '../../app/features';

/** Asking people how it was, and what they said. Its pages stand among the settings. */
export default { name: 'csat' } satisfies Feature;
