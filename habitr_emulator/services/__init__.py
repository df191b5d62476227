"""What AWS does; one folder per service, named by its AWS service id."""
