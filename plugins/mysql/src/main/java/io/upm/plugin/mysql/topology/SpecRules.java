package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Member;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a schema can't say about a spec. */
final class SpecRules {
  private static final Set<String> SERVICE_TYPES = Set.of("ClusterIP", "NodePort", "LoadBalancer");

  /** Longest that a channel can keep. */
  private static final int LONGEST_HOST = 255;

  private static final int LONGEST_USER = 32;

  private SpecRules() {}

  static List<Problem> check(MysqlReplicationSpec spec) {
    var problems = new ArrayList<Problem>();
    mode(spec, problems);
    members(spec, problems);
    user("spec.secret.mysql", spec.secret().mysql(), problems);
    user("spec.secret.replication", spec.secret().replication(), problems);
    if (!SERVICE_TYPES.contains(spec.service().type())) {
      problems.add(
          new Problem(
              "spec.service.type", spec.service().type(), "ClusterIP, NodePort or LoadBalancer"));
    }
    return problems;
  }

  private static void mode(MysqlReplicationSpec spec, List<Problem> problems) {
    if (!MysqlEngine.replicates(spec.mode())) {
      String instead =
          spec.mode().equals("group_replication")
              ? "%s or %s; a replication group is not a %s, and this version of the plugin manages"
                  + " none"
              : "%s or %s";
      problems.add(
          new Problem(
              "spec.mode",
              spec.mode(),
              instead.formatted(
                  MysqlEngine.ASYNC, MysqlEngine.SEMI_SYNC, MysqlEngine.REPLICATION_KIND)));
    } else if (spec.mode().equals(MysqlEngine.SEMI_SYNC)
        && spec.members().stream().skip(1).allMatch(Member::isolated)) {
      problems.add(
          new Problem(
              "spec.replica",
              "",
              "%s needs a replica that is not isolated, or no write would ever be acknowledged"
                  .formatted(MysqlEngine.SEMI_SYNC)));
    }
  }

  private static void members(MysqlReplicationSpec spec, List<Problem> problems) {
    var names = new HashSet<String>();
    var addresses = new HashSet<String>();
    int place = -1;
    for (Member member : spec.members()) {
      String path = place < 0 ? "spec.source" : "spec.replica[%d]".formatted(place);
      place++;
      if (!names.add(member.name())) {
        problems.add(new Problem(path + ".name", member.name(), "a name that no other server has"));
      }
      if (!member.host().matches("[A-Za-z0-9:]([A-Za-z0-9._:-]*[A-Za-z0-9])?\\.?")
          || member.host().length() > LONGEST_HOST) {
        problems.add(new Problem(path + ".host", member.host(), "a DNS name or an address"));
      }
      String address = member.host().toLowerCase(Locale.ROOT) + " " + member.port();
      if (!addresses.add(address)) {
        problems.add(
            new Problem(
                path + ".host", member.host(), "host and port of a server that is not listed yet"));
      }
    }
  }

  private static void user(String path, String user, List<Problem> problems) {
    if (user.codePointCount(0, user.length()) > LONGEST_USER) {
      problems.add(
          new Problem(path, user, "a user name of at most %d characters".formatted(LONGEST_USER)));
    }
  }
}
