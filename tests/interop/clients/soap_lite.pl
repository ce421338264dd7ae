# Perl's SOAP::Lite: perl soap_lite.pl CALLBACK_WSDL INFO_WSDL
# Its reader of WSDLs knows rpc/encoded alone, so its users take the address, the namespace and the actions from the
# WSDL by hand.
use strict;
use warnings;
use utf8;
use Encode qw(decode encode);
use LWP::UserAgent;
use SOAP::Lite;

$| = 1;

sub client {
    my ($wsdl) = @_;
    my $text = LWP::UserAgent->new->get($wsdl)->decoded_content;
    my ($address) = $text =~ /<soap:address location="([^"]+)"/;
    my ($namespace) = $text =~ /targetNamespace="([^"]+)"/;
    my %actions = $text =~ /<wsdl:operation name="(\w+)">\s*<soap:operation soapAction="([^"]+)"/g;
    my $client = SOAP::Lite->proxy($address)->default_ns($namespace)->autotype(0)
        ->on_action(sub { qq("$actions{$_[1]}") })->on_fault(sub { });
    return $client;
}

sub plain { my ($text) = @_; $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge; return decode('UTF-8', $text) }
sub quoted { my $text = encode('UTF-8', $_[0]); $text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge; return $text }
# SOAP::Lite gives text as bytes, and a nil as undef.
sub text { return utf8::is_utf8($_[0]) ? $_[0] : decode('UTF-8', "$_[0]") }
sub query {
    my ($record) = @_;
    return join '&', map { defined $record->{$_} ? "$_=" . quoted(text($record->{$_})) : $_ } sort keys %$record;
}

my ($callback, $info) = map { client($_) } @ARGV;
while (my $line = <STDIN>) {
    chomp $line;
    my ($operation, $text) = split /\?/, $line, 2;
    my @arguments;
    for (split /&/, $text) {
        my ($name, $value) = split /=/, $_, 2;
        my $data = SOAP::Data->name($name => defined $value ? plain($value) : undef);
        # Or it would send what is not ASCII as base64.
        push @arguments, defined $value ? $data->type('string') : $data;
    }
    my $service = $operation =~ /^GetCallData/ ? $info : $callback;
    my $som = $service->call($operation, @arguments);
    if (!ref $som) {
        print 'error?reason=', quoted($service->transport->status), "\n";
    } elsif ($som->fault) {
        print 'fault?code=', quoted($som->faultcode), '&reason=', quoted($som->faultstring), "\n";
    } elsif (!defined $som->result) {
        print "nil?\n";
    } elsif ($operation =~ /^Get(Available|Next)/) {
        print 'result?', join('&', map { query($_) } $som->valueof('//TimeSlot')), "\n";
    } else {
        print 'result?', ref $som->result ? query($som->result) : '=' . quoted($som->result), "\n";
    }
}
