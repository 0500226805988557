package io.upm.plugin.mysql.metric;

import static io.upm.spi.metric.MetricFamily.gauge;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.KeptSession;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import io.upm.spi.metric.EngineMetrics;
import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a server's numbers in five exchanges, as the account that may do the least. None of them
 * needs the performance schema, and none depends on how much data there is.
 */
public final class MysqlMetrics implements EngineMetrics, AutoCloseable {
  private static final MetricFamily VERSION =
      gauge("mysql_version_info", "", "Version of the server.", "version", "build");

  private static final List<Figure> STATUS =
      Stream.of(ServerFigures.STATUS, InnodbFigures.STATUS).flatMap(Collection::stream).toList();

  private static final String SHOW_STATUS =
      "SHOW GLOBAL STATUS WHERE variable_name IN ("
          + quoted(
              Stream.concat(
                  names(STATUS),
                  Stream.of(InnodbFigures.CURRENT_LSN, InnodbFigures.CHECKPOINT_LSN)))
          + ")";

  private static final String SHOW_VARIABLES =
      "SHOW GLOBAL VARIABLES WHERE variable_name IN ("
          + quoted(
              Stream.concat(
                  names(ServerFigures.VARIABLES),
                  Stream.of("version", "version_comment", "server_uuid")))
          + ")";

  private static final String COUNTERS =
      "SELECT name, count FROM information_schema.innodb_metrics WHERE status = 'enabled' AND name"
          + " IN ("
          + quoted(names(InnodbFigures.COUNTERS))
          + ")";

  private static final String CHANNELS = "SHOW REPLICA STATUS";

  private static final String MEMBERS =
      "SELECT member_id, member_state, member_role FROM"
          + " performance_schema.replication_group_members";

  private static final List<MetricFamily> FAMILIES =
      Stream.of(
              Stream.of(VERSION),
              families(ServerFigures.VARIABLES),
              families(STATUS),
              families(InnodbFigures.COUNTERS),
              Stream.of(InnodbFigures.CHECKPOINT_AGE),
              BinaryLogFigures.FAMILIES.stream(),
              ReplicationFigures.FAMILIES.stream())
          .flatMap(each -> each)
          .toList();

  private final KeptSession session;

  public MysqlMetrics(Accounts accounts) {
    this.session = new KeptSession(accounts);
  }

  @Override
  public List<MetricFamily> families() {
    return FAMILIES;
  }

  @Override
  public List<MetricSample> collect(Instance instance, Duration limit) {
    try {
      List<MetricSample> samples = session.use(instance, limit, MysqlMetrics::read);
      samples.addAll(BinaryLogFigures.of(DataLayout.of(instance)));
      return samples;
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    } catch (IOException e) {
      throw PluginException.retryable("the binary logs can't be looked at: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    session.close();
  }

  private static List<MetricSample> read(Session session) throws SQLException {
    Map<String, String> variables = session.pairs(SHOW_VARIABLES);
    Map<String, String> status = session.pairs(SHOW_STATUS);
    var samples = new ArrayList<MetricSample>();
    samples.add(
        VERSION.sample(
            1,
            variables.getOrDefault("version", ""),
            variables.getOrDefault("version_comment", "")));
    add(ServerFigures.VARIABLES, variables, samples);
    add(STATUS, status, samples);
    InnodbFigures.checkpointAge(status).ifPresent(samples::add);
    add(InnodbFigures.COUNTERS, session.pairs(COUNTERS), samples);
    samples.addAll(ReplicationFigures.channels(session.rows(CHANNELS)));
    samples.addAll(
        ReplicationFigures.members(
            session.rows(MEMBERS), variables.getOrDefault("server_uuid", "")));
    return samples;
  }

  private static void add(
      List<Figure> figures, Map<String, String> values, List<MetricSample> samples) {
    figures.forEach(figure -> figure.in(values).ifPresent(samples::add));
  }

  private static Stream<MetricFamily> families(List<Figure> figures) {
    return figures.stream().map(Figure::family).distinct();
  }

  private static Stream<String> names(List<Figure> figures) {
    return figures.stream().map(Figure::name);
  }

  private static String quoted(Stream<String> names) {
    return names.collect(Collectors.joining("', '", "'", "'"));
  }
}
