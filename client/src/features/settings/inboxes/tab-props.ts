import type { InboxChanges } from '../../../api/inboxes';
import type { Inbox } from '../../../api/types';

/** What every tab of an inbox gets. */
export interface TabProps {
  inbox: Inbox;
  /** Stores the changes and refreshes `inbox`; rejects with an ApiError. */
  save: (changes: InboxChanges) => Promise<void>;
}
