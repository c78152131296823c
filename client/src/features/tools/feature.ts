import type { Feature } from '../../app/features';

/** What saves work: its pages stand among the settings. */
export default { name: 'tools' } satisfies Feature;
