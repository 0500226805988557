package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.spi.store.BackupManifest;
import java.time.Instant;
import java.util.Optional;

/**
 * A backup that is stored: a whole one, or what binary logs hold beyond another one.
 *
 * @param place where it is
 * @param manifest what it is
 */
record Archived(Place place, BackupManifest manifest) {
  /** Transactions of the backup that it goes on from. */
  static final String GTID_BASE = "gtidBase";

  /** When the last of its transactions was committed. */
  static final String LAST = "lastTransaction";

  /** From when on every time can be restored. */
  static final String FROM = "recoverableFrom";

  /** Until when. */
  static final String UNTIL = "recoverableUntil";

  /** Whether it holds all data. */
  boolean isFull() {
    return isOf(LogicalBackup.NAME) || isPhysical();
  }

  /** Whether it holds them as files of the server. */
  boolean isPhysical() {
    return isOf(PhysicalBackup.NAME);
  }

  boolean isLink() {
    return isOf(BinlogBackup.NAME);
  }

  /** Whether it is of one database, and neither begins nor goes on with a history. */
  boolean isPart() {
    return isOf(Part.METHOD);
  }

  private boolean isOf(String method) {
    return manifest.engine().equals(MysqlEngine.DESCRIPTOR.engine())
        && manifest.method().equals(method);
  }

  /** Transactions that are there when this is restored; of the server's files there may be more. */
  GtidSet gtids() {
    return GtidSet.parse(said(LogicalBackup.GTID_SET));
  }

  /** All that may be there then. */
  GtidSet most() {
    String atEnd = said(PhysicalBackup.GTIDS_AT_END);
    return atEnd.isEmpty() ? gtids() : gtids().plus(GtidSet.parse(atEnd));
  }

  /** Those that must be there before. */
  GtidSet base() {
    return GtidSet.parse(said(GTID_BASE));
  }

  /** When its last transaction was committed; empty when it has none of its own. */
  Optional<Instant> last() {
    return Optional.of(said(LAST)).filter(text -> !text.isEmpty()).map(Instant::parse);
  }

  /** Since when every time can be restored. */
  Instant from() {
    return Instant.parse(isFull() ? manifest.ended() : said(FROM));
  }

  /** Until when everything that was committed is in it. */
  Instant until() {
    return Instant.parse(isFull() ? manifest.ended() : said(UNTIL));
  }

  private String said(String name) {
    return manifest.position().getOrDefault(name, "");
  }
}
