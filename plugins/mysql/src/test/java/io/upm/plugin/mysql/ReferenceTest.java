package io.upm.plugin.mysql;

import io.upm.testkit.EnginePage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceTest {
  @Test
  void pageIsWhatThePluginSays() {
    EnginePage.assertUpToDate(
        Path.of("..", "..", "docs", "reference", "mysql.md"), new MysqlPlugin());
  }
}
