package io.upm.plugin.mysql;

import io.upm.plugin.mysql.topology.MysqlReplication;
import io.upm.testkit.crd.TopologyCrd;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CrdTest {
  @Test
  void definitionIsWhatTheSpecRecordSays() {
    TopologyCrd.assertUpToDate(Path.of("crds"), new MysqlReplication().descriptor());
  }
}
