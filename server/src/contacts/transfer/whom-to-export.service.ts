import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Params } from '../../platform/database/params.js';
import type { Tx } from '../../platform/database/transaction.js';
import { compileFilter } from '../../platform/filters/compile-filter.js';
import { AttributesRepository } from '../attributes/attributes.repository.js';
import { contactSetting } from '../contact-fields.js';
import { reachable, type Which } from '../contacts.repository.js';
import type { ExportRow } from './exports.repository.js';

/** Knows which people an export is of: those of a filter, those of a label, or all who can be reached or recognised. */
@Injectable()
export class WhomToExport {
  constructor(private readonly attributes: AttributesRepository, private readonly clock: Clock) {}

  async of(tx: Tx, { conditions, label }: Pick<ExportRow, 'conditions' | 'label'>): Promise<Which> {
    if (!conditions) return reachable(label === null ? undefined : [label]);
    const setting = contactSetting(await this.attributes.list(tx, 'contact_attribute'), this.clock.date());
    return (params) => compileFilter(conditions, setting, params);
  }

  /** Throws Problem `unprocessable` when the filter is none. */
  async check(tx: Tx, given: Pick<ExportRow, 'conditions' | 'label'>): Promise<void> {
    (await this.of(tx, given))(new Params());
  }
}
