# shellcheck shell=bash
# Stand-ins for the official mysql image: same user, folders and programs on the PATH, nothing of UPM.

MYSQL_PROGRAMS=(mysqld mysql mysqladmin mysqlbinlog mysqlcheck mysqldump mysqlimport mysqlshow mysql_config_editor
  mysql_migrate_keyring mysql_secure_installation mysql_ssl_rsa_setup mysql_tzinfo_to_sql my_print_defaults
  ibd2sdi innochecksum perror)

build_mysql() {
  local series=$1
  publish "mysql-$series" "$(fingerprint "$IMAGES"/mysql/{build.sh,Containerfile,my.cnf} "$IMAGES/versions" \
    "$IMAGES"/lib/{rootfs,image}.sh)" "make_mysql_${series/./}"
}

make_mysql_80() {
  local work=$1 root=$1/root server name archive
  server=$(mysql_80_server)
  archive=$(root_fs "$BOOKWORM")
  unpack "$archive" "$root"
  install_packages "$root" "$BOOKWORM" libaio1 libncurses6 libnuma1 libtinfo6 libtirpc3 tzdata
  cp -a "$server" "$root/usr/local/mysql"
  for name in "${MYSQL_PROGRAMS[@]}"; do
    ln -s "../local/mysql/bin/$name" "$root/usr/bin/$name"
  done
  # Where the official image has it.
  mv "$root/usr/bin/mysqld" "$root/usr/sbin/mysqld"
  finish_mysql "$work" "$MYSQL_80"
}

make_mysql_97() {
  local work=$1 root=$1/root archive version
  archive=$(root_fs "$MYSQL_97_SUITE")
  unpack "$archive" "$root"
  install_packages "$root" "$MYSQL_97_SUITE" mysql-server-core mysql-client-core tzdata
  version=$(in_root "$root" mysqld --version | grep -oP 'Ver \K[0-9]+\.[0-9]+\.[0-9]+')
  [[ $version == "$MYSQL_97_SERIES".* ]] || die "Debian $MYSQL_97_SUITE now has MySQL $version, not $MYSQL_97_SERIES"
  (cd "$root/usr/bin" && rm -f myisam* mysqlslap mysqld_multi mysqldumpslow)
  finish_mysql "$work" "$version"
}

finish_mysql() {
  local work=$1 root=$1/root version=$2
  # Nothing in the image needs Perl any more; dpkg is not meant to run in it.
  rm -rf "$root"/usr/bin/*perl* "$root"/usr/share/perl* "$root"/usr/lib/*/{perl*,libperl.so*}
  chroot "$root" groupadd --system --gid 999 mysql
  chroot "$root" useradd --system --uid 999 --gid 999 --no-create-home --home-dir /var/lib/mysql mysql
  install -d -m 1777 -o 999 -g 999 "$root/var/lib/mysql" "$root/run/mysqld"
  install -d -m 750 -o 999 -g 999 "$root/var/lib/mysql-files"
  install -d "$root/etc/mysql/conf.d"
  install -m 644 "$IMAGES/mysql/my.cnf" "$root/etc/my.cnf"
  mkdir "$work/context"
  pack "$root" "$work/context/root.tar"
  rm -rf --one-file-system "$root"
  image "$work" "$IMAGES/mysql/Containerfile" "upm.local/mysql:$version"
}

# Prints the folder of the 8.0 server, which also runs outside a container where libaio1 and libnuma1 are installed.
mysql_80_server() {
  local target
  target=$UPM_CACHE/mysql/$MYSQL_80-$(fingerprint "$IMAGES/mysql/build.sh" "$IMAGES/versions")
  once "$target" make_mysql_80_server
  echo "$target"
}

make_mysql_80_server() {
  local work=$1 zip
  need mvn unzip strip readelf
  # A repository of its own: 553 MB that no one needs twice.
  (cd "$work" && mvn -B -q -Dmaven.repo.local="$work/m2" "$MAVEN_DEPENDENCY_PLUGIN:copy" \
    -Dartifact="$MYSQL_80_ARTIFACT" -DoutputDirectory="$work/zip" >&2)
  zip=$(echo "$work"/zip/*.zip)
  echo "$MYSQL_80_SHA256  $zip" | sha256sum --check --quiet >&2
  unzip -q "$zip" -d "$work/out" 'LICENSE' 'share/*' 'lib/plugin/*' 'lib/private/*' "${MYSQL_PROGRAMS[@]/#/bin/}" \
    -x 'lib/plugin/debug/*' '*/libpluginmecab.so'
  drop_aliases "$work/out/lib/private"
  find "$work/out/bin" "$work/out/lib" -type f -exec chmod 755 {} +
  # Merging the notes of mysqld takes strip three minutes, dropping them none.
  find "$work/out/bin" "$work/out/lib/plugin" "$work/out/lib/private" -maxdepth 1 -type f \
    -exec strip --no-merge-notes --strip-unneeded --remove-section=.gnu.build.attributes {} +
}

# The zip holds three copies of each library where the original has links; the loader wants the one named as its SONAME.
drop_aliases() {
  local library soname
  for library in "$1"/*.so*; do
    soname=$(readelf -d "$library" | grep -oP 'SONAME.*\[\K[^]]+')
    [[ ${library##*/} == "$soname" ]] || rm "$library"
  done
}
