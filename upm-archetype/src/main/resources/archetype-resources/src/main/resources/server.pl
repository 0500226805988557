# The engine: a key-value store for lines of text, in the Perl that Debian's image brings.
#   PING | SET key value | GET key | DELETE key | COUNT
# Everything that was changed is appended to a file, which is read at the start and written anew then.
use strict;
use warnings;
use IO::Handle;
use IO::Select;
use IO::Socket::INET;

my %conf;
open(my $in, '<', $ARGV[0]) or die "$ARGV[0]: $!\n";
while (<$in>) { $conf{$1} = $2 if /^([\w-]+) = (.*)$/ }
close($in);

my %values;
my $file = "$conf{directory}/values";
if (open(my $old, '<', $file)) {
  # A line without an end is one that was never acknowledged.
  while (<$old>) { /^S (\S+) (.*)\n/ ? ($values{$1} = $2) : /^D (\S+)\n/ && delete $values{$1} }
}
open(my $new, '>', "$file.new") or die "$file.new: $!\n";
print $new map { "S $_ $values{$_}\n" } sort keys %values or die "$file.new: $!\n";
$new->flush && $new->sync or die "$file.new: $!\n";
rename("$file.new", $file) or die "$file: $!\n";

sub keep {
  print $new $_[0] and $new->flush or die "$file: $!\n";
  $new->sync or die "$file: $!\n" if $conf{sync} eq 'ON';
  return 'OK';
}

sub answer {
  my ($word, $key, $value) = split(/ /, $_[0], 3);
  return 'ERROR which command?' unless defined $word;
  return 'PONG' if $word eq 'PING';
  return scalar keys %values if $word eq 'COUNT';
  return 'ERROR which key?' unless defined $key && $key =~ /^\S{1,200}$/;
  return exists $values{$key} ? "VALUE $values{$key}" : 'NONE' if $word eq 'GET';
  if ($word eq 'DELETE') {
    return 'NONE' unless exists $values{$key};
    delete $values{$key};
    return keep("D $key\n");
  }
  return 'ERROR no such command' unless $word eq 'SET' && defined $value;
  return 'ERROR the value is too long' if length($value) > $conf{'max-value-size'};
  return 'ERROR there are too many keys' if !exists $values{$key} && keys %values >= $conf{'max-keys'};
  $values{$key} = $value;
  return keep("S $key $value\n");
}

$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { print "stopped\n"; exit 0 };
$| = 1;
my $server = IO::Socket::INET->new(LocalPort => $conf{port}, Listen => 128, ReuseAddr => 1)
  or die "port $conf{port}: $!\n";
print scalar(keys %values) . " keys, ready on port $conf{port}\n";
my ($all, %unread) = IO::Select->new($server);
while (1) {
  for my $one ($all->can_read) {
    if ($one == $server) {
      my $client = $server->accept;
      $all->add($client) if $client;
    } elsif (sysread($one, $unread{$one}, 65536, length($unread{$one} // '')) && length($unread{$one}) <= $conf{'max-value-size'} + 300) {
      syswrite($one, answer($1) . "\n") while $unread{$one} =~ s/^([^\n]*?)\r?\n//;
    } else {
      delete $unread{$one};
      $all->remove($one);
      close($one);
    }
  }
}
